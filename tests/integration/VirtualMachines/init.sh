#!/bin/busybox sh
# The first and only program of the tests' guest: brings up the network behind QEMU, reads the seed, counts its boots on the disk, serves both by HTTP,
# and switches the machine off when the power button is pressed.
/bin/busybox --install -s /bin
export PATH=/bin
mkdir -p /var/log /var/run # acpid ends without them
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in @MODULES@; do
    [ ! -e "/modules/$module.ko" ] || insmod "/modules/$module.ko"
done
ifconfig lo 127.0.0.1 up
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
mount -t iso9660 -o ro /dev/vdb /seed && cp /seed/* /www/
boots=$(dd if=/dev/vda bs=16 count=1 2>/dev/null | tr -cd 0-9)
boots=$((${boots:-0} + 1))
printf '%-16s' "$boots" | dd of=/dev/vda bs=16 count=1 conv=notrunc 2>/dev/null
sync
echo "$boots" >/www/boots
grep -q deaf /proc/cmdline || acpid
httpd -p 80 -h /www
echo "guest is up"
while :; do sleep 1000; done
